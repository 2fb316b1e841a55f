/* The lock that every call into the netCDF library is made under, because that library is not thread-safe.
   Private to core/store. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLV_STORE_LIBRARY_H
#define CLV_STORE_LIBRARY_H

void clv_library_lock(void);
void clv_library_unlock(void);

/* Makes one call under the lock and gives what it returned. */
#define CLV_LOCKED(call)      \
    (__extension__({          \
        int locked_;          \
        clv_library_lock();   \
        locked_ = (call);     \
        clv_library_unlock(); \
        locked_;              \
    }))

#endif
