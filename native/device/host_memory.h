#ifndef PLACARD_DEVICE_HOST_MEMORY_H_
#define PLACARD_DEVICE_HOST_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <memory>

namespace placard {

// Uninitialized bytes on a 64-byte boundary, or null if there are none left. Freed blocks of ordinary size wait in a bounded
// store for the next request of their size class, so that a steady stream of pictures neither faults pages in nor grows;
// blocks of an outlier's size go straight back to the system.
std::shared_ptr<std::byte[]> AllocateHost(size_t bytes);

// Bytes handed out and not yet freed, over the process, and those that CountLiveHost added for memory of other makers.
int64_t LiveHostBytes();
void CountLiveHost(int64_t bytes);

// Uninitialized bytes on a 64-byte boundary for what lives no longer than a network's run, or null if there are none left. They
// come from a bounded store of their own, and do not count as live. FreeScratch takes null.
void* AllocateScratch(size_t bytes);
void FreeScratch(void* memory);

// Bytes that wait in both stores.
int64_t StoredHostBytes();

// Gives everything that waits in both stores back to the system, and with glibc what its arenas keep of other freed memory.
void TrimHost();

}  // namespace placard

#endif  // PLACARD_DEVICE_HOST_MEMORY_H_
