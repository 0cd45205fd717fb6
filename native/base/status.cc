#include "base/status.h"

namespace placard {

const char* CodeName(Code code) {
  switch (code) {
    case Code::kOk: return "OK";
    case Code::kCancelled: return "CANCELLED";
    case Code::kDisposed: return "DISPOSED";
    case Code::kInternal: return "INTERNAL";
    case Code::kInvalidArgument: return "INVALID_ARGUMENT";
    case Code::kModelInvalid: return "MODEL_INVALID";
    case Code::kModelMismatch: return "MODEL_MISMATCH";
    case Code::kOutOfMemory: return "OUT_OF_MEMORY";
    case Code::kProviderUnavailable: return "PROVIDER_UNAVAILABLE";
    case Code::kRuntimeFailed: return "RUNTIME_FAILED";
    case Code::kRuntimeNotFound: return "RUNTIME_NOT_FOUND";
    case Code::kRuntimeVersion: return "RUNTIME_VERSION";
  }
  return "INTERNAL";
}

}  // namespace placard
