/* Groups: several objects of one kind, by place (cl.list) or by name (cl.compare); a method applies to each member.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_GROUP_H
#define CLV_GROUP_H

#include <corelevel/value.h>

CLV_BEGIN_DECLS

/* Immutable once shared, counted. */
typedef struct clv_group clv_group;

CLV_API clv_group *clv_group_new(void);
CLV_API clv_group *clv_group_ref(const clv_group *group);
CLV_API void clv_group_free(clv_group *group);

/* Adds a member (an object value, taken even on failure) under a name, or NULL for a list. Errors: CLV_BAD_ARGUMENT
   when its kind is not that of the others, the name is there already, or named and unnamed members mix. */
CLV_API clv_status clv_group_add(clv_group *group, const char *name, clv_value *member_take, clv_error *err);

/* Read: how many; the name at a place (NULL in a list); the member; the kind of all members (CLV_NIL when empty). Lent.
 */
CLV_API size_t clv_group_count(const clv_group *group);
CLV_API const char *clv_group_name(const clv_group *group, size_t place);
CLV_API const clv_value *clv_group_at(const clv_group *group, size_t place);
CLV_API clv_kind clv_group_kind(const clv_group *group);

CLV_END_DECLS

#endif
