#ifndef PLACARD_RUNTIME_RUN_ALLOCATOR_H_
#define PLACARD_RUNTIME_RUN_ALLOCATOR_H_

#include <onnxruntime_c_api.h>

#include "base/status.h"

namespace placard {

// Lets sessions of the environment take what a run needs from placard's store of scratch memory: without an arena the C library
// would give the maps of a large picture back to the system after every run, and a third of the next would go into faulting
// their pages in. Sessions use it that ask for the environment's allocators. `environment` must never be released.
Status RegisterRunAllocator(const OrtApi* api, OrtEnv* environment);

}  // namespace placard

#endif  // PLACARD_RUNTIME_RUN_ALLOCATOR_H_
