// A library to put in front of libc (LD_PRELOAD): writes and syncs of files under the directory
// HEARTH_FAIL_UNDER fail while the file HEARTH_FAIL_AS exists, with the error that it names:
// "ENOSPC" or "EIO". A failing write writes the first half, as a disk that runs full does.
// HEARTH_CLOCK_AHEAD_S sets the clock ahead by so many seconds.
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

namespace {

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

bool is_under(int file) {
  static const char* const dir = std::getenv("HEARTH_FAIL_UNDER");
  if (dir == nullptr) return false;
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t size = readlink(link, path, sizeof path - 1);
  if (size <= 0) return false;
  path[size] = 0;
  return std::strncmp(path, dir, std::strlen(dir)) == 0;
}

/// 0: no fault now.
int fault_of(int file) {
  static const char* const name = std::getenv("HEARTH_FAIL_AS");
  if (name == nullptr || access(name, F_OK) != 0 || !is_under(file)) return 0;
  char text[16] = {};
  const int fault = open(name, O_RDONLY | O_CLOEXEC);
  if (fault < 0) return 0;
  const ssize_t size = read(fault, text, sizeof text - 1);
  close(fault);
  if (size <= 0) return 0;
  return std::strncmp(text, "EIO", 3) == 0 ? EIO : ENOSPC;
}

int fail_with(int error) {
  errno = error;
  return -1;
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* data, size_t size) {
  static auto* const next = real<ssize_t(int, const void*, size_t)>("write");
  if (const int error = fault_of(file)) {
    if (size < 2) return fail_with(error);
    return next(file, data, size / 2) < 0 ? -1 : fail_with(error);
  }
  return next(file, data, size);
}

ssize_t pwrite64(int file, const void* data, size_t size, off64_t at) {
  static auto* const next = real<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  if (const int error = fault_of(file)) return fail_with(error);
  return next(file, data, size, at);
}

ssize_t pwrite(int file, const void* data, size_t size, off_t at) {
  return pwrite64(file, data, size, at);
}

int clock_gettime(clockid_t clock, struct timespec* time) {
  static auto* const next = real<int(clockid_t, struct timespec*)>("clock_gettime");
  static const char* const ahead = std::getenv("HEARTH_CLOCK_AHEAD_S");
  const int done = next(clock, time);
  if (done == 0 && clock == CLOCK_REALTIME && ahead != nullptr) time->tv_sec += std::atol(ahead);
  return done;
}

int fsync(int file) {
  static auto* const next = real<int(int)>("fsync");
  if (const int error = fault_of(file)) return fail_with(error);
  return next(file);
}

int fdatasync(int file) {
  static auto* const next = real<int(int)>("fdatasync");
  if (const int error = fault_of(file)) return fail_with(error);
  return next(file);
}

}  // extern "C"
