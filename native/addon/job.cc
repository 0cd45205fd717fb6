#include "addon/job.h"

#include <exception>
#include <new>
#include <utility>

#include "addon/environment.h"

namespace placard {

Job::Job(Napi::Env env, Context context, Operation operation)
    : env_(env),
      deferred_(Napi::Promise::Deferred::New(env)),
      context_(std::move(context)),
      operation_(std::move(operation)),
      environment_(Environment::Of(env)->shared_from_this()) {}

Napi::Value Job::Start(Napi::Env env, Context context, Operation operation) {
  auto owned = std::unique_ptr<Job>(new Job(env, std::move(context), std::move(operation)));
  const Napi::Promise promise = owned->deferred_.Promise();
  if (!owned->environment_->Admit(owned.get())) return promise;
  Job* job = owned.release();
  const auto complete = [job] { job->environment_->Complete(std::unique_ptr<Job>(job)); };
  const bool submitted = job->context_.lane->Submit(
      {job->context_.priority, job->operation_.count, [job](int index) { job->RunTask(index); }, complete});
  if (!submitted) {
    job->Fail({Code::kOutOfMemory, "The system gives this process not a single thread."});
    complete();
  }
  return promise;
}

void Job::RunTask(int index) {
  if (failed_.load(std::memory_order_relaxed) || operation_.count == 0) return;
  try {
    Status status = context_.cancel->Check();
    if (status.ok()) status = operation_.task(index);
    if (!status.ok()) Fail(std::move(status));
  } catch (const std::bad_alloc&) {
    Fail({Code::kOutOfMemory, "Out of memory."});
  } catch (const std::exception& error) {
    Fail({Code::kInternal, error.what()});
  }
}

void Job::Fail(Status status) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (failed_.exchange(true)) return;
  status_ = std::move(status);
}

Napi::Value Job::Outcome(bool* fulfilled) {
  try {
    if (!status_.ok()) return ToError(env_, status_).Value();
    const Napi::Value result = operation_.result(env_);
    *fulfilled = true;
    return result;
  } catch (const Napi::Error& error) {
    return error.Value();
  } catch (const std::exception& error) {
    return ToError(env_, {Code::kInternal, error.what()}).Value();
  }
}

void Job::Finish() noexcept {
  try {
    bool fulfilled = false;
    const Napi::Value outcome = Outcome(&fulfilled);
    fulfilled ? deferred_.Resolve(outcome) : deferred_.Reject(outcome);
  } catch (const std::exception&) {
    // The environment is terminating: it takes nothing any more, and runs nothing that could wait for the promise.
  }
}

Napi::Error ToError(Napi::Env env, const Status& status) {
  Napi::Error error = Napi::Error::New(env, status.message());
  error.Value().Set("code", std::string("ERR_PLACARD_") + CodeName(status.code()));
  return error;
}

}  // namespace placard
