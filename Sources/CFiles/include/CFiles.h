#ifndef CFILES_H
#define CFILES_H

/// Swaps two names in one step: afterwards each leads to what the other led to.
///
/// Returns 0, or the error number; ENOSYS or EINVAL where the system or the file system cannot do it.
int deepcritic_exchange_names(const char *one, const char *other);

#endif
