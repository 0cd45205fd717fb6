#include "runtime/provider_library.h"

#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include "runtime/runtime_call.h"

namespace placard {
namespace {

// The oldest runtime whose interface provider libraries are built against, and which takes them.
constexpr uint32_t kLibraryApiVersion = 23;

std::mutex mutex;

// By the execution provider's name. Never destroyed.
std::map<std::string, std::unique_ptr<const ProviderLibrary>>& Registered() {
  static auto& registered = *new std::map<std::string, std::unique_ptr<const ProviderLibrary>>;
  return registered;
}

Status Unavailable(std::string message) { return {Code::kProviderUnavailable, std::move(message)}; }

// 30 for "1.30.0".
unsigned long MinorVersion(const std::string& version) {
  const size_t dot = version.find('.');
  return dot == std::string::npos ? 0 : std::strtoul(version.c_str() + dot + 1, nullptr, 10);
}

std::string ValueOf(const OrtApi* api, const OrtKeyValuePairs* pairs, const char* key) {
  const char* value = pairs == nullptr ? nullptr : api->GetKeyValue(pairs, key);
  return value == nullptr ? "" : value;
}

Status FindDevice(const OnnxRuntime& runtime, const OrtApi* api, const ProviderLibraryNames& names,
                  ProviderLibrary* library) {
  const OrtEpDevice* const* devices = nullptr;
  size_t count = 0;
  PLACARD_RETURN_IF_ERROR(
      FromOrt(api, api->GetEpDevices(runtime.environment, &devices, &count), Code::kProviderUnavailable));
  for (size_t i = 0; i < count; ++i) {
    const OrtKeyValuePairs* metadata = api->EpDevice_EpMetadata(devices[i]);
    if (std::string(names.provider) != api->EpDevice_EpName(devices[i])) continue;
    if (ValueOf(api, metadata, names.key) != names.value) continue;
    library->device = devices[i];
    library->version = ValueOf(api, metadata, "version");
    return {};
  }
  return Unavailable(std::string(names.title) + " sees no device of kind " + names.value + " on this machine.");
}

}  // namespace

Result<const ProviderLibrary*> RegisterProviderLibrary(const OnnxRuntime& runtime, const ProviderLibraryNames& names,
                                                       const std::string& path) {
  const std::string title = names.title, real_path = RealPath(path);
  std::lock_guard<std::mutex> lock(mutex);
  auto& known = Registered()[names.provider];
  if (known != nullptr) {
    if (known->path == real_path) return known.get();
    return Unavailable("This process already runs the " + title + " library " + known->path + "; it cannot open " + path +
                       " too.");
  }
  if (MinorVersion(runtime.version) < kLibraryApiVersion) {
    return Unavailable(title + " needs ONNX Runtime 1." + std::to_string(kLibraryApiVersion) + " or newer but " +
                       runtime.path + " is " + runtime.version + ".");
  }
  const OrtApi* api = runtime.base->GetApi(kLibraryApiVersion);
  const RuntimeCall call;
  if (!call.allowed()) return Status(Code::kCancelled, "The process is exiting.");
  const Status registered = FromOrt(
      api, api->RegisterExecutionProviderLibrary(runtime.environment, names.provider, real_path.c_str()),
      Code::kProviderUnavailable);
  if (!registered.ok()) {
    return Unavailable("ONNX Runtime " + runtime.version + " cannot take " + path + " as its " + title +
                       " library: " + registered.message());
  }
  auto library = std::make_unique<ProviderLibrary>();
  library->path = real_path;
  library->api = api;
  const Status found = FindDevice(runtime, api, names, library.get());
  StopRuntimeCallsBeforeLibraryExits();
  if (!found.ok()) {
    // Without a device it has no work under way, and another library may be tried.
    return Unavailable(found.message() + " (" + path + ")");
  }
  known = std::move(library);
  return known.get();
}

}  // namespace placard
