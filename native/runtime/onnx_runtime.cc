#include "runtime/onnx_runtime.h"

#include <dlfcn.h>
#include <stdlib.h>

#include <mutex>

#include "runtime/run_allocator.h"

namespace placard {
namespace {

// The newest function used here is older than this version of the interface, so every library since 1.16 serves.
constexpr uint32_t kApiVersion = 16;

std::mutex mutex;
OnnxRuntime* opened = nullptr;

}  // namespace

std::string RealPath(const std::string& path) {
  char* resolved = realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return path;
  std::string result = resolved;
  free(resolved);
  return result;
}

namespace {

Status Open(const std::string& path, OnnxRuntime* runtime) {
  // From 1.30 on, the library on Linux reports its use to its makers and keeps a database under ~/.cache, unless it finds
  // this when it starts. A value that the user has set stays.
  setenv("ORT_DISABLE_TELEMETRY", "1", /*overwrite=*/0);
  void* library = dlopen(RealPath(path).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    return {Code::kRuntimeNotFound, "Cannot open the ONNX Runtime library " + path + ": " + dlerror()};
  }
  const auto get_api_base = reinterpret_cast<const OrtApiBase* (*)()>(dlsym(library, "OrtGetApiBase"));
  if (get_api_base == nullptr) {
    dlclose(library);
    return {Code::kRuntimeNotFound, path + " is not an ONNX Runtime library: it has no OrtGetApiBase."};
  }
  const OrtApiBase* base = get_api_base();
  runtime->version = base->GetVersionString();
  runtime->path = path;
  runtime->base = base;
  runtime->api = base->GetApi(kApiVersion);
  if (runtime->api == nullptr) {
    return {Code::kRuntimeVersion, "Expected ONNX Runtime 1.16 or newer but " + path + " is " + runtime->version + "."};
  }
  const OrtApi* api = runtime->api;
  // Errors come back as statuses; a library inside another's process leaves its terminal alone.
  PLACARD_RETURN_IF_ERROR(
      FromOrt(api, api->CreateEnv(ORT_LOGGING_LEVEL_FATAL, "placard", &runtime->environment), Code::kRuntimeFailed));
  return RegisterRunAllocator(api, runtime->environment);
}

}  // namespace

Result<const OnnxRuntime*> OpenOnnxRuntime(const std::string& path) {
  std::lock_guard<std::mutex> lock(mutex);
  if (opened != nullptr) {
    if (RealPath(opened->path) == RealPath(path)) return opened;
    return Status(Code::kRuntimeVersion, "This process already runs the ONNX Runtime library " + opened->path +
                                             "; it cannot open " + path + " too.");
  }
  auto runtime = std::make_unique<OnnxRuntime>();
  PLACARD_RETURN_IF_ERROR(Open(path, runtime.get()));
  opened = runtime.release();
  return opened;
}

const OnnxRuntime* OpenedOnnxRuntime() {
  std::lock_guard<std::mutex> lock(mutex);
  return opened;
}

Status FromOrt(const OrtApi* api, OrtStatus* status, Code code) {
  if (status == nullptr) return {};
  Status result(code, api->GetErrorMessage(status));
  api->ReleaseStatus(status);
  return result;
}

}  // namespace placard
