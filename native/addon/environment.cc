#include "addon/environment.h"

#include <utility>

#include "addon/job.h"
#include "runtime/runtime_call.h"

namespace placard {

std::shared_ptr<Environment> Environment::Install(Napi::Env env) {
  auto self = std::make_shared<Environment>();
  // N-API deletes this instance data when the environment is gone, after every hook.
  env.SetInstanceData<std::shared_ptr<Environment>>(new std::shared_ptr<Environment>(self));
  self->settle_ = Napi::ThreadSafeFunction::New(env, Napi::Function(), "placard", 0, 1);
  self->settle_.Unref(env);
  // Hooks run last in, first out: this one before the thread-safe function's own.
  napi_add_env_cleanup_hook(env, Cleanup, self.get());
  StopRuntimeCallsWithMainThread();
  return self;
}

Environment* Environment::Of(Napi::Env env) { return env.GetInstanceData<std::shared_ptr<Environment>>()->get(); }

bool Environment::Admit(Job* job) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (ending_) return false;
  running_.insert(job);
  if (in_flight_++ == 0) settle_.Ref(job->env());
  return true;
}

void Environment::Complete(std::unique_ptr<Job> job) {
  std::lock_guard<std::mutex> lock(mutex_);
  running_.erase(job.get());
  completed_.push_back(std::move(job));
  if (ending_) {
    idle_.notify_all();
  } else if (completed_.size() == 1) {
    settle_.NonBlockingCall(this, Settle);
  }
}

std::vector<std::unique_ptr<Job>> Environment::TakeCompleted() {
  std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(completed_, {});
}

void Environment::Settle(Napi::Env env, Napi::Function, Environment* self) {
  if (env == nullptr) return;
  const Napi::HandleScope scope(env);
  for (auto& job : self->TakeCompleted()) {
    job->Finish();
    job.reset();
    if (--self->in_flight_ == 0) self->settle_.Unref(env);
  }
}

void Environment::Cleanup(void* data) {
  auto* self = static_cast<Environment*>(data);
  std::unique_lock<std::mutex> lock(self->mutex_);
  self->ending_ = true;
  for (Job* job : self->running_) job->Cancel();
  self->idle_.wait(lock, [&] { return self->running_.empty(); });
  const auto dropped = std::exchange(self->completed_, {});
  lock.unlock();
}

}  // namespace placard
