#ifndef PLACARD_RUNTIME_PROVIDER_LIBRARY_H_
#define PLACARD_RUNTIME_PROVIDER_LIBRARY_H_

#include <string>

#include "runtime/onnx_runtime.h"

namespace placard {

// A shared library that brings an execution provider to the runtime.
struct ProviderLibrary {
  std::string path;
  std::string version;  // as the library says; empty where it does not
  const OrtApi* api = nullptr;  // of a version that knows provider libraries
  const OrtEpDevice* device = nullptr;
};

struct ProviderLibraryNames {
  const char* title;     // for people: "OpenVINO"
  const char* provider;  // the execution provider's own name
  const char* key;       // a key of its devices' metadata
  const char* value;     // and what it is for the device that is wanted
};

// Registers the library with the runtime, once a process: it is never taken out again, since its threads and static
// objects live on. kProviderUnavailable where the runtime is too old for such libraries, where the file is no library for
// this machine or no provider's, where it refuses this runtime, where it sees no device of that kind, or where the process
// has another library of the same provider already. A file that was cut short ends the process, as it does for any opener of
// libraries: compare its size first.
Result<const ProviderLibrary*> RegisterProviderLibrary(const OnnxRuntime& runtime, const ProviderLibraryNames& names,
                                                       const std::string& path);

}  // namespace placard

#endif  // PLACARD_RUNTIME_PROVIDER_LIBRARY_H_
