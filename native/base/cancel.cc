#include "base/cancel.h"

#include <utility>

namespace placard {

void CancelToken::Cancel() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (cancelled_.exchange(true)) return;
  for (const auto& callback : callbacks_) callback();
}

CancelToken::Registration::Registration(CancelToken* token, std::function<void()> callback) : token_(token) {
  std::lock_guard<std::mutex> lock(token_->mutex_);
  entry_ = token_->callbacks_.insert(token_->callbacks_.end(), std::move(callback));
  if (token_->cancelled()) (*entry_)();
}

CancelToken::Registration::~Registration() {
  std::lock_guard<std::mutex> lock(token_->mutex_);
  token_->callbacks_.erase(entry_);
}

}  // namespace placard
