#ifndef FAULT_VFS_H
#define FAULT_VFS_H

/// A file layer of SQLite, for tests only, that fails on purpose.
///
/// It wraps SQLite's own and counts what passes: reads, writes, truncations, syncs, openings, deletions, and the locks and
/// maps of the log's index. At the operation that was chosen it fails, or the power goes: then every operation fails, and
/// `fault_vfs_settle` leaves in the files what a disk could hold, which is all that was synced and any part of the rest.
///
/// One process, one thread at a time.

enum {
  /// Nothing fails; operations are counted.
  FAULT_NONE = 0,
  /// The chosen operation fails once with an input/output error.
  FAULT_IO = 1,
  /// From the chosen operation on nothing is written: the disk is full.
  FAULT_FULL = 2,
  /// From the chosen operation on everything fails.
  FAULT_POWER = 3,
};

enum {
  /// Everything that was not synced is lost.
  FAULT_SETTLE_DROP = 0,
  /// Of what was not synced some writes are kept, some only in part, in no order.
  FAULT_SETTLE_SOME = 1,
};

/// Registers the layer and makes it the one that connections use. Returns 0, or SQLite's error.
int fault_vfs_register(void);

/// Begins to count anew; the operation `at` (counted from 1) fails.
void fault_vfs_arm(long at, int kind);

/// Ends the failing: operations pass again. What was not synced stays known until `fault_vfs_settle` or the next `arm`.
void fault_vfs_disarm(void);

/// A disk that says it has synced and has not: to see that the checks notice what is lost.
void fault_vfs_ignore_syncs(int ignored);

/// Operations since the layer was armed.
long fault_vfs_count(void);

/// Whether anything has failed since.
int fault_vfs_fired(void);

/// Brings the files into a state in which the power failure may have left them. No connection may be open.
void fault_vfs_settle(int mode, unsigned long long seed);

#endif
