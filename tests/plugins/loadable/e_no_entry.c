/* A shared object that is no plugin. SPDX-License-Identifier: GPL-3.0-or-later */
int clv_test_no_plugin(void);
int clv_test_no_plugin(void) { return 1; }
