// Binds the addon to glibc 2.28 (what Node.js itself needs) or older, however new the glibc of the machine that built it.
//
// glibc 2.29 to 2.36 gave new versions to functions that old programs have always called (2.34 moved those of libpthread
// and libdl into libc), and the linker takes the newest. The addon is linked with `--wrap=name` for the names in
// native/sources.json ("wrapped"): calls to them, those within the static libstdc++ among them, come here and go on to
// the old version, which every glibc keeps. Unused ones are dropped at link time.

#if defined(__linux__)

#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__GLIBC__) && defined(__x86_64__)
#define PLACARD_GLIBC_BASE "GLIBC_2.2.5"
#elif defined(__GLIBC__) && defined(__aarch64__)
#define PLACARD_GLIBC_BASE "GLIBC_2.17"
#endif

// Declares `target_<name>`: the old version where this file knows the machine's, else what the linker would have taken.
#if defined(PLACARD_GLIBC_BASE)
#define PLACARD_TARGET(result, name, version, parameters) \
  result target_##name parameters;                        \
  __asm__(".symver target_" #name "," #name "@" version)
#else
#define PLACARD_TARGET(result, name, version, parameters) result target_##name parameters __asm__("__real_" #name)
#define PLACARD_GLIBC_BASE ""
#endif

#define PLACARD_WRAP_VERSION(result, name, version, parameters, arguments) \
  PLACARD_TARGET(result, name, version, parameters);                       \
  result __wrap_##name parameters { return target_##name arguments; }

#define PLACARD_WRAP(result, name, parameters, arguments) \
  PLACARD_WRAP_VERSION(result, name, PLACARD_GLIBC_BASE, parameters, arguments)

extern "C" {

PLACARD_WRAP(int, pthread_create,
             (pthread_t* thread, const pthread_attr_t* attributes, void* (*start)(void*), void* argument),
             (thread, attributes, start, argument))
PLACARD_WRAP(int, pthread_join, (pthread_t thread, void** result), (thread, result))
PLACARD_WRAP(int, pthread_detach, (pthread_t thread), (thread))
PLACARD_WRAP(int, pthread_once, (pthread_once_t * once, void (*routine)()), (once, routine))
PLACARD_WRAP(int, pthread_key_create, (pthread_key_t * key, void (*destructor)(void*)), (key, destructor))
PLACARD_WRAP(int, pthread_key_delete, (pthread_key_t key), (key))
PLACARD_WRAP(void*, pthread_getspecific, (pthread_key_t key), (key))
PLACARD_WRAP(int, pthread_setspecific, (pthread_key_t key, const void* value), (key, value))
PLACARD_WRAP(int, pthread_mutex_trylock, (pthread_mutex_t * mutex), (mutex))
PLACARD_WRAP(int, pthread_rwlock_rdlock, (pthread_rwlock_t * lock), (lock))
PLACARD_WRAP(int, pthread_rwlock_wrlock, (pthread_rwlock_t * lock), (lock))
PLACARD_WRAP(int, pthread_rwlock_tryrdlock, (pthread_rwlock_t * lock), (lock))
PLACARD_WRAP(int, pthread_rwlock_trywrlock, (pthread_rwlock_t * lock), (lock))
PLACARD_WRAP(int, pthread_rwlock_unlock, (pthread_rwlock_t * lock), (lock))
PLACARD_WRAP_VERSION(int, pthread_cond_clockwait, "GLIBC_2.30",
                     (pthread_cond_t * condition, pthread_mutex_t* mutex, clockid_t clock, const timespec* until),
                     (condition, mutex, clock, until))

PLACARD_WRAP(void*, dlopen, (const char* path, int flags), (path, flags))
PLACARD_WRAP(void*, dlsym, (void* library, const char* name), (library, name))
PLACARD_WRAP(int, dlclose, (void* library), (library))
PLACARD_WRAP(char*, dlerror, (), ())

PLACARD_WRAP(double, exp, (double x), (x))
PLACARD_WRAP(double, exp2, (double x), (x))
PLACARD_WRAP(double, log, (double x), (x))
PLACARD_WRAP(double, pow, (double x, double y), (x, y))
PLACARD_WRAP(double, hypot, (double x, double y), (x, y))

// Before 2.33 these were inline functions around others; the system calls are the same everywhere.
int __wrap_stat(const char* path, struct stat* result) {
  return static_cast<int>(syscall(SYS_newfstatat, AT_FDCWD, path, result, 0));
}
int __wrap_lstat(const char* path, struct stat* result) {
  return static_cast<int>(syscall(SYS_newfstatat, AT_FDCWD, path, result, AT_SYMLINK_NOFOLLOW));
}
int __wrap_fstat64(int file, struct stat64* result) { return static_cast<int>(syscall(SYS_fstat, file, result)); }

// New in 2.36; getentropy is as old as 2.25.
uint32_t __wrap_arc4random() {
  uint32_t value;
  if (getentropy(&value, sizeof value) != 0) abort();
  return value;
}

// New in 2.32. Non-zero would let libstdc++ count references without atomics; Node.js always has threads.
extern char __wrap___libc_single_threaded;
char __wrap___libc_single_threaded = 0;

}  // extern "C"

#endif  // defined(__linux__)
