#ifndef PLACARD_RUNTIME_ONNX_RUNTIME_H_
#define PLACARD_RUNTIME_ONNX_RUNTIME_H_

#include <onnxruntime_c_api.h>

#include <memory>
#include <string>

#include "base/status.h"

namespace placard {

// ONNX Runtime's C interface from a shared library that is opened at run time. One library serves the process: the first
// that is opened, under whatever path; it is never closed.
struct OnnxRuntime {
  const OrtApiBase* base = nullptr;
  const OrtApi* api = nullptr;  // as of the oldest version that serves
  OrtEnv* environment = nullptr;
  std::string version;  // "1.30.0"
  std::string path;
};

// kRuntimeNotFound if the library cannot be opened or is no ONNX Runtime, kRuntimeVersion if it is too old, or if another
// library has been opened already in this process.
Result<const OnnxRuntime*> OpenOnnxRuntime(const std::string& path);

// The library that is open, or null.
const OnnxRuntime* OpenedOnnxRuntime();

// Absolute and without links, where there is such a file: dlopen would look for a name without a slash elsewhere.
std::string RealPath(const std::string& path);

// A Status from ORT's own, which is released; kOk for null.
Status FromOrt(const OrtApi* api, OrtStatus* status, Code code);

// Owns an object of ORT's by its release function, as in OrtPointer<OrtValue>(value, api->ReleaseValue).
template <typename T>
using OrtPointer = std::unique_ptr<T, void (*)(T*)>;

}  // namespace placard

#endif  // PLACARD_RUNTIME_ONNX_RUNTIME_H_
