#ifndef PLACARD_BASE_CANCEL_H_
#define PLACARD_BASE_CANCEL_H_

#include <atomic>
#include <functional>
#include <list>
#include <mutex>

#include "base/status.h"

namespace placard {

// Asked between tiles, lines and batches; work that is cancelled returns kCancelled as soon as it notices.
class CancelToken {
 public:
  bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }
  Status Check() const {
    return cancelled() ? Status(Code::kCancelled, "The operation was cancelled.") : Status();
  }

  // Idempotent; runs the callbacks that are registered on the calling thread.
  void Cancel();

  // Runs `callback` if the token is cancelled while this lives (at once if it already is).
  class Registration {
   public:
    Registration(CancelToken* token, std::function<void()> callback);
    ~Registration();
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;

   private:
    CancelToken* token_;
    std::list<std::function<void()>>::iterator entry_;
  };

 private:
  std::atomic<bool> cancelled_{false};
  std::mutex mutex_;
  std::list<std::function<void()>> callbacks_;
};

}  // namespace placard

#endif  // PLACARD_BASE_CANCEL_H_
