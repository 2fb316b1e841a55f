/* Groups: several objects of one kind, by place (cl.list) or by name (cl.compare); a method applies to each member.
   SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_GROUP_H
#define CLV_GROUP_H

#include <corelevel/value.h>

CLV_BEGIN_DECLS

/* Members all of one kind, all named or none. Immutable once shared, counted. */
typedef struct clv_group clv_group;

/* Makes an empty group, the caller's, to be filled and then shared; NULL when memory is out. */
CLV_API clv_group *clv_group_new(void);
/* Shares the group: one more reference. Any thread. */
CLV_API clv_group *clv_group_ref(const clv_group *group);
/* Gives up one reference; the last one frees the members too. NULL is allowed. */
CLV_API void clv_group_free(clv_group *group);

/* Adds a member (an object value, taken even on failure) under a name, or NULL for a list. Errors: CLV_BAD_ARGUMENT
   when its kind is not that of the others, the name is there already, or named and unnamed members mix. */
CLV_API clv_status clv_group_add(clv_group *group, const char *name, clv_value *member_take, clv_error *err);

/* Read; places count from 0, what is lent lives as long as the group. */
CLV_API size_t clv_group_count(const clv_group *group); /* number of members */
/* The name at a place, such as a sample's; NULL in a list, whose members have none, and beyond the
   last. Lent. */
CLV_API const char *clv_group_name(const clv_group *group, size_t place);
/* The member at a place; NULL beyond the last. */
CLV_API const clv_value *clv_group_at(const clv_group *group, size_t place);
/* The kind that all members are of; CLV_NIL when there are none. */
CLV_API clv_kind clv_group_kind(const clv_group *group);

CLV_END_DECLS

#endif
