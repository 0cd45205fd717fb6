#include "runtime/run_allocator.h"

#include "device/host_memory.h"
#include "runtime/onnx_runtime.h"

namespace placard {
namespace {

struct RunAllocator : OrtAllocator {
  OrtMemoryInfo* info = nullptr;
};

void* Allocate(OrtAllocator*, size_t bytes) { return bytes == 0 ? nullptr : AllocateScratch(bytes); }

void Free(OrtAllocator*, void* memory) { FreeScratch(memory); }

const OrtMemoryInfo* Info(const OrtAllocator* allocator) { return static_cast<const RunAllocator*>(allocator)->info; }

}  // namespace

Status RegisterRunAllocator(const OrtApi* api, OrtEnv* environment) {
  // Lives as long as the environment: for ever.
  auto* allocator = new RunAllocator{};
  allocator->version = ORT_API_VERSION;
  allocator->Alloc = Allocate;
  allocator->Free = Free;
  allocator->Info = Info;
  allocator->Reserve = Allocate;
  PLACARD_RETURN_IF_ERROR(FromOrt(api, api->CreateCpuMemoryInfo(OrtDeviceAllocator, OrtMemTypeDefault, &allocator->info),
                                  Code::kRuntimeFailed));
  return FromOrt(api, api->RegisterAllocator(environment, allocator), Code::kRuntimeFailed);
}

}  // namespace placard
