#ifndef PLACARD_BASE_WORK_CLOCK_H_
#define PLACARD_BASE_WORK_CLOCK_H_

#include <time.h>

#include <array>
#include <atomic>
#include <cstdint>

namespace placard {

// What a thread was busy with.
enum class Work { kKernels, kNetworks, kShapes, kSequence, kCount };

// CPU nanoseconds by kind of work, added up over threads. Inside a network only the calling thread's time is seen.
struct WorkClock {
  std::array<std::atomic<int64_t>, static_cast<size_t>(Work::kCount)> nanoseconds{};
};

// Adds the calling thread's CPU time between construction and destruction.
class WorkTimer {
 public:
  WorkTimer(WorkClock* clock, Work work) : clock_(clock), work_(work), start_(Now()) {}
  ~WorkTimer() {
    clock_->nanoseconds[static_cast<size_t>(work_)].fetch_add(Now() - start_, std::memory_order_relaxed);
  }
  WorkTimer(const WorkTimer&) = delete;
  WorkTimer& operator=(const WorkTimer&) = delete;

 private:
  static int64_t Now() {
    timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return int64_t{time.tv_sec} * 1000000000 + time.tv_nsec;
  }

  WorkClock* clock_;
  Work work_;
  int64_t start_;
};

}  // namespace placard

#endif  // PLACARD_BASE_WORK_CLOCK_H_
