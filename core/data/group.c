/* Keeps several objects of one kind, in a list or by name. SPDX-License-Identifier: GPL-3.0-or-later */
#include <corelevel/group.h>

#include <stdlib.h>
#include <string.h>

#include "object.h"
#include "texts.h"

typedef struct member {
    char *name; /* NULL in a list */
    clv_value *value;
} member;

struct clv_group {
    clv_object base;
    member *members;
    size_t count, room;
};

static void destroy_group(void *object)
{
    clv_group *group = object;

    for (size_t i = 0; i < group->count; i++) {
        free(group->members[i].name);
        clv_value_free(group->members[i].value);
    }
    free(group->members);
    free(group);
}

clv_group *clv_group_new(void) { return clv_object_new(sizeof(clv_group), CLV_GROUP, destroy_group); }
clv_group *clv_group_ref(const clv_group *group) { return clv_object_ref(group); }
void clv_group_free(clv_group *group) { clv_object_free(group); }

static int is_object(clv_kind kind) { return kind >= CLV_RECORD && kind <= CLV_GROUP && kind != CLV_COMPONENT; }

static clv_status check_member(const clv_group *group, const char *name, const clv_value *value, clv_error *err)
{
    clv_kind kind = clv_value_kind(value);

    CLV_CHECK(value, err, CLV_NO_MEMORY, "no memory for a member of a group");
    CLV_CHECK(is_object(kind), err, CLV_BAD_ARGUMENT, "a group holds records, spectra, columns, models or fits, not %s",
              clv_kind_phrase(kind));
    if (group->count == 0) { return CLV_OK; }
    CLV_CHECK(kind == clv_group_kind(group), err, CLV_BAD_ARGUMENT, "member %zu is a %s, the others are of kind %s",
              group->count + 1, clv_kind_name(kind), clv_kind_name(clv_group_kind(group)));
    CLV_CHECK(!name == !group->members[0].name, err, CLV_BAD_ARGUMENT,
              "members with and without a name stand in one group");
    for (size_t i = 0; name && i < group->count; i++) {
        CLV_CHECK(strcmp(name, group->members[i].name) != 0, err, CLV_BAD_ARGUMENT, "the name %s is there twice", name);
    }
    return CLV_OK;
}

static clv_status add(clv_group *group, const char *name, clv_value *value, clv_error *err)
{
    member fresh = {NULL, value};

    CLV_TRY(check_member(group, name, value, err));
    if (group->count == group->room) {
        size_t room = group->room ? 2 * group->room : 4;
        member *members = reallocarray(group->members, room, sizeof *members);

        CLV_CHECK(members, err, CLV_NO_MEMORY, "no memory for a group of %zu", room);
        group->members = members;
        group->room = room;
    }
    if (name) { CLV_TRY(clv_texts_replace(&fresh.name, name, err)); }
    group->members[group->count++] = fresh;
    return CLV_OK;
}

clv_status clv_group_add(clv_group *group, const char *name, clv_value *member_take, clv_error *err)
{
    clv_status status = add(group, name, member_take, err);

    if (status) { clv_value_free(member_take); }
    return status;
}

size_t clv_group_count(const clv_group *group) { return group->count; }

const char *clv_group_name(const clv_group *group, size_t place)
{
    return place < group->count ? group->members[place].name : NULL;
}

const clv_value *clv_group_at(const clv_group *group, size_t place)
{
    return place < group->count ? group->members[place].value : NULL;
}

clv_kind clv_group_kind(const clv_group *group)
{
    return group->count ? clv_value_kind(group->members[0].value) : CLV_NIL;
}
