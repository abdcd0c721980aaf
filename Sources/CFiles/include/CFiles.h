#ifndef CFILES_H
#define CFILES_H

/// Swaps two names in one step: afterwards each leads to what the other led to.
///
/// Returns 0, or the error number; ENOSYS or EINVAL where the system or the file system cannot do it.
int deepcritic_exchange_names(const char *one, const char *other);

/// Has the system begin to write a part of a file to the disk, without waiting for it: less is left for a later fsync, which
/// alone makes anything durable. Does nothing where the system cannot.
void deepcritic_begin_writeback(int file, long long from, long long count);

#endif
