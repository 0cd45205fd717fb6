#include "runtime/runtime_call.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <utility>

namespace placard {
namespace {

// Longer than loading a network takes, which cannot be stopped. A thread that exits from inside a call must not wait for it
// forever.
constexpr std::chrono::seconds kLongestWait(10);

struct Calls {
  std::mutex mutex;
  std::condition_variable idle;
  std::list<std::function<void()>> stops;  // one a call under way
  bool exiting = false;
};

// Never destroyed: the pool's threads outlive every static object.
Calls& AllCalls() {
  static Calls& calls = *new Calls;
  return calls;
}

void StopAll() {
  Calls& calls = AllCalls();
  std::unique_lock<std::mutex> lock(calls.mutex);
  if (std::exchange(calls.exiting, true)) return;
  for (const auto& stop : calls.stops) {
    if (stop) stop();
  }
  // By the system's clock: waiting by the steady one needs glibc 2.30.
  const auto end = std::chrono::system_clock::now() + kLongestWait;
  calls.idle.wait_until(lock, end, [&] { return calls.stops.empty(); });
}

}  // namespace

RuntimeCall::RuntimeCall(std::function<void()> stop) {
  Calls& calls = AllCalls();
  std::lock_guard<std::mutex> lock(calls.mutex);
  allowed_ = !calls.exiting;
  if (allowed_) entry_ = calls.stops.insert(calls.stops.end(), std::move(stop));
}

RuntimeCall::~RuntimeCall() {
  if (!allowed_) return;
  Calls& calls = AllCalls();
  std::lock_guard<std::mutex> lock(calls.mutex);
  calls.stops.erase(entry_);
  if (calls.exiting && calls.stops.empty()) calls.idle.notify_all();
}

void StopRuntimeCallsBeforeLibraryExits() { std::atexit(StopAll); }

void StopRuntimeCallsWithMainThread() {
#if defined(__linux__)
  if (syscall(SYS_gettid) != getpid()) return;
  // exit() destroys the calling thread's own objects before it runs the first handler.
  struct Stopper {
    ~Stopper() { StopAll(); }
  };
  static thread_local Stopper stopper;
  static_cast<void>(stopper);
#endif
}

}  // namespace placard
