#ifndef PLACARD_BASE_STATUS_H_
#define PLACARD_BASE_STATUS_H_

#include <optional>
#include <string>
#include <utility>

namespace placard {

// What can go wrong in native code. The names after `k` are those of the table in lib/errors.ts
// (`kOutOfMemory` is `ERR_PLACARD_OUT_OF_MEMORY`); a test compares the two.
enum class Code {
  kOk,
  kCancelled,
  kDisposed,
  kInternal,
  kInvalidArgument,
  kModelInvalid,
  kModelMismatch,
  kOutOfMemory,
  kProviderUnavailable,
  kRuntimeFailed,
  kRuntimeNotFound,
  kRuntimeVersion,
};

// "OUT_OF_MEMORY" for kOutOfMemory; "OK" for kOk.
const char* CodeName(Code code);

// The outcome of an operation: kOk, or a code and a sentence for the person who called.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Code code, std::string message) : code_(code), message_(std::move(message)) {}

  bool ok() const { return code_ == Code::kOk; }
  Code code() const { return code_; }
  const std::string& message() const { return message_; }

 private:
  Code code_ = Code::kOk;
  std::string message_;
};

// A value, or the Status that says why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}           // NOLINT: implicit on purpose
  Result(Status status) : status_(std::move(status)) {}   // NOLINT: implicit on purpose

  bool ok() const { return value_.has_value(); }
  const Status& status() const { return status_; }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }

 private:
  std::optional<T> value_;
  Status status_;
};

}  // namespace placard

#define PLACARD_RETURN_IF_ERROR(expression)                              \
  do {                                                                   \
    if (::placard::Status status_ = (expression); !status_.ok()) return status_; \
  } while (false)

#endif  // PLACARD_BASE_STATUS_H_
