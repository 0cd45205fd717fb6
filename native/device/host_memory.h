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

// Bytes that wait in the store.
int64_t StoredHostBytes();

// Gives everything that waits in the store back to the system.
void TrimHost();

}  // namespace placard

#endif  // PLACARD_DEVICE_HOST_MEMORY_H_
