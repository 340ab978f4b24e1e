/*
 * SeqCache for C: gathers small sequential writes into large aligned clusters. The seven functions
 * of "util: implement seqcache" (V. Sementsov-Ogievskiy, qemu-devel, March 2021), same names, same
 * meaning; a test written for them compiles and passes. Where the proposal asserts, these return
 * an error and leave the cache as it was. The C++ class is in seqshim/seqcache.h.
 *
 * A cluster covers the bytes [k * cluster_size, (k + 1) * cluster_size) of whatever is written. At
 * most one cluster is unfinished: the one that the next sequential write continues. The others are
 * finished: nothing is written to them any more until they are discarded.
 *
 * A SeqCache is used by one thread at a time. Offsets and lengths are never negative.
 *
 *     bool unfinished = true;   // flush everything: finished clusters first, then the current one
 *     while (seqcache_get_next_flush(s, &offset, &bytes, &buf, &unfinished)) {
 *       pwrite(fd, buf, bytes, offset);
 *       seqcache_discard_cluster(s, offset);
 *       unfinished = true;      // it is in-out: a finished cluster has set it to false
 *     }
 */
#ifndef SEQSHIM_SEQCACHE_C_H
#define SEQSHIM_SEQCACHE_C_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct SeqCache SeqCache;

/*
 * An empty cache. cluster_size: a power of two from 4096 to 67108864 (64 MiB).
 * NULL: errno is EINVAL (the size) or ENOMEM.
 */
SeqCache* seqcache_new(int64_t cluster_size);

/*
 * Frees an empty cache; NULL is none and fine. 0, or -EBUSY when clusters are left: then nothing
 * is freed and the cache stays usable, so that bytes that were never flushed can't vanish.
 */
int seqcache_free(SeqCache* s);

/*
 * Caches `bytes` bytes of `buf`, split at cluster bounds. A part that begins where the unfinished
 * cluster ends continues it, and finishes it at the bound. A part in a cluster that isn't cached
 * starts that cluster, at any offset in it, and finishes the current one. A cluster that is full
 * is finished, however it was filled.
 *
 * 0, or, with nothing changed: -EINVAL when a part lies elsewhere in a cached cluster (flush and
 * discard it first) or the range is negative or beyond INT64_MAX; -ENOMEM.
 */
int seqcache_write(SeqCache* s, int64_t offset, int64_t bytes, const uint8_t* buf);

/*
 * Copies cached bytes from `offset` on, across cluster bounds, up to `bytes` or the first byte
 * that isn't cached. Returns the count, 0 if the first byte isn't cached.
 */
int64_t seqcache_read(SeqCache* s, int64_t offset, int64_t bytes, uint8_t* buf);

/*
 * The next region to flush. Finished clusters come first, in the order they were written, each
 * once, and set *unfinished to false. When there is none left, *unfinished keeps its value: if it
 * is true, the unfinished cluster is returned as it is now, as often as asked; it stays and can be
 * continued. False: nothing to flush, and nothing set.
 *
 * Nothing is removed: the region stays readable in the cache, and *buf the cache's own (not to be
 * changed or freed), until seqcache_discard_cluster(). *buf is aligned to 4096 where *offset is,
 * and there is room behind it up to the cluster's end.
 */
bool seqcache_get_next_flush(SeqCache* s, int64_t* offset, int64_t* bytes, uint8_t** buf,
                             bool* unfinished);

/*
 * Drops the cluster that `offset` lies in (whether that very byte is cached or not), finished or
 * not, flushed or not, with all that was written to it since. No such cluster: nothing happens.
 */
void seqcache_discard_cluster(SeqCache* s, int64_t offset);

/* Cached clusters, with the unfinished one. */
uint64_t seqcache_nb_clusters(SeqCache* s);

#ifdef __cplusplus
}
#endif

#endif /* SEQSHIM_SEQCACHE_C_H */
