#ifndef PLACARD_ADDON_JOB_H_
#define PLACARD_ADDON_JOB_H_

#include <napi.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/status.h"
#include "base/thread_pool.h"
#include "base/work_clock.h"

namespace placard {

class Environment;

// Where and under which conditions an operation runs; the first argument of every asynchronous function, as
// {lane, cancel, priority}.
struct Context {
  std::shared_ptr<Lane> lane;
  std::shared_ptr<WorkClock> clock;
  std::shared_ptr<CancelToken> cancel;
  int priority = 0;
};

// What an operation does: `count` calls of `task` on the lane's threads, then `result` on the JavaScript thread. The first
// Status that is not kOk ends it: calls not yet begun are skipped and the promise rejects with it.
struct Operation {
  int count = 1;
  std::function<Status(int)> task;
  std::function<Napi::Value(Napi::Env)> result;
  std::vector<Napi::ObjectReference> pinned;  // buffers that the tasks read
};

// An operation on its way; settles its promise exactly once, on the JavaScript thread.
class Job {
 public:
  // Starts the operation and gives its promise.
  static Napi::Value Start(Napi::Env env, Context context, Operation operation);

  Napi::Env env() const { return env_; }
  void Cancel() { context_.cancel->Cancel(); }
  void Finish() noexcept;

 private:
  Job(Napi::Env env, Context context, Operation operation);
  void RunTask(int index);
  void Fail(Status status);
  // What the promise settles with.
  Napi::Value Outcome(bool* fulfilled);

  Napi::Env env_;
  Napi::Promise::Deferred deferred_;
  Context context_;
  Operation operation_;
  std::shared_ptr<Environment> environment_;
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  Status status_;
};

// An Error whose `code` is "ERR_PLACARD_…".
Napi::Error ToError(Napi::Env env, const Status& status);

}  // namespace placard

#endif  // PLACARD_ADDON_JOB_H_
