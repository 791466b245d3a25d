/* For LD_PRELOAD: the wall clock of a process, ahead by the ms that stand as eight bytes in the file CLOCK_FILE. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *ahead;

__attribute__((constructor)) static void open_clock(void) {
  const char *path = getenv("CLOCK_FILE");
  int file = path ? open(path, O_RDONLY) : -1;
  void *memory = file < 0 ? MAP_FAILED : mmap(0, sizeof(*ahead), PROT_READ, MAP_SHARED, file, 0);
  if (memory != MAP_FAILED) ahead = memory;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec real;
  (void)zone;
  syscall(SYS_clock_gettime, CLOCK_REALTIME, &real);
  int64_t micros = real.tv_sec * 1000000LL + real.tv_nsec / 1000 + (ahead ? *ahead * 1000 : 0);
  now->tv_sec = micros / 1000000;
  now->tv_usec = micros % 1000000;
  return 0;
}

time_t time(time_t *result) {
  struct timeval now;
  gettimeofday(&now, 0);
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}
