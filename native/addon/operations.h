#ifndef PLACARD_ADDON_OPERATIONS_H_
#define PLACARD_ADDON_OPERATIONS_H_

#include <napi.h>

namespace placard {

// Each adds its asynchronous functions, `name(context, arguments) -> Promise`, to the module; lib/native.ts types them.
void InitImageOperations(Napi::Env env, Napi::Object exports);
void InitPhotographOperation(Napi::Env env, Napi::Object exports);
void InitNetworkOperations(Napi::Env env, Napi::Object exports);
void InitMapOperations(Napi::Env env, Napi::Object exports);
void InitLineOperations(Napi::Env env, Napi::Object exports);
void InitBiasOperations(Napi::Env env, Napi::Object exports);
void InitShapeOperations(Napi::Env env, Napi::Object exports);

}  // namespace placard

#endif  // PLACARD_ADDON_OPERATIONS_H_
