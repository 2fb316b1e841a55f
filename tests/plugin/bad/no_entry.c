/* A shared object that is no plugin.
   SPDX-License-Identifier: GPL-3.0-or-later */
extern int something;
int something = 1;
