#ifndef PLACARD_BENCH_KERNELS_BENCH_ABI_H_
#define PLACARD_BENCH_KERNELS_BENCH_ABI_H_

// Before a function that bench/kernels calls through Python's ctypes.
#define PLACARD_BENCH_ABI extern "C" __attribute__((visibility("default")))

#endif  // PLACARD_BENCH_KERNELS_BENCH_ABI_H_
