/* Preloaded before libc: writes down what a process does to the files of a folder, and
   lets a chosen call fail. Linux only. Python drives it through ctypes:

   cut_record(folder, log)  from now on, changes of files below the folder go to the log
   cut_fail(n, error)       the n-th call that is recorded fails with this errno, and
                            every later one too when n is negative
   cut_calls()              how many calls were recorded
   cut_mark(text)           a line of our own between the calls

   A record is a header and its two payloads, see struct record. Files are named by
   inode, entries of folders by path, so that a later rename confuses nobody. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct record {
  uint32_t kind;      /* a letter, see below */
  uint32_t first;     /* bytes of the first payload: data, or a path */
  uint32_t second;    /* bytes of the second payload: a path */
  uint32_t unused;
  uint64_t inode;
  uint64_t offset;    /* where it is written, or the new size */
};

static char root[PATH_MAX];
static size_t root_size;
static int log_fd = -1;
static long calls, fail_at;
static int fail_error;

void cut_record(const char *folder, const char *log) {
  snprintf(root, sizeof root, "%s/", folder);
  root_size = strlen(root);
  log_fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  calls = fail_at = 0;
}
void cut_fail(long n, int error) { fail_at = n; fail_error = error; }
long cut_calls(void) { return calls; }

static void put(uint32_t kind, uint64_t inode, uint64_t offset, const void *one,
                size_t first, const void *two, size_t second) {
  struct record r = {kind, first, second, 0, inode, offset};
  struct iovec parts[3] = {{&r, sizeof r}, {(void *)one, first}, {(void *)two, second}};
  syscall(SYS_writev, log_fd, parts, 3);
}
void cut_mark(const char *text) {
  if (log_fd >= 0) put('!', 0, 0, text, strlen(text), "", 0);
}

/* counts a call; true when it has to fail */
static int fails(void) {
  calls++;
  long n = fail_at < 0 ? -fail_at : fail_at;
  if (!n || (fail_at > 0 ? calls != n : calls < n)) return 0;
  errno = fail_error;
  return 1;
}
static int below(const char *path) {
  return log_fd >= 0 && strncmp(path, root, root_size) == 0;
}
/* the path of an open file; NULL when it is none of ours */
static const char *ours(int fd, char *path, struct stat *s) {
  char link[40];
  if (log_fd < 0 || fd < 0) return NULL;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 2);
  if (n <= 0) return NULL;
  path[n] = 0;
  if (!below(path) && strncmp(path, root, root_size - 1)) return NULL;
  if (fstat(fd, s) || (!S_ISREG(s->st_mode) && !S_ISDIR(s->st_mode))) return NULL;
  return path;
}
static const char *whole(int folder, const char *path, char *out) {
  if (path[0] == '/' || (folder == AT_FDCWD && path[0] != '/')) {
    if (path[0] == '/') return path;
    if (!getcwd(out, PATH_MAX)) return path;
  } else {
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t n = syscall(SYS_readlinkat, AT_FDCWD, link, out, PATH_MAX - 2);
    if (n <= 0) return path;
    out[n] = 0;
  }
  strncat(out, "/", PATH_MAX - strlen(out) - 1);
  return strncat(out, path, PATH_MAX - strlen(out) - 1);
}

static int opened(int folder, const char *name, int flags, mode_t mode) {
  char buffer[PATH_MAX];
  const char *path = log_fd < 0 ? name : whole(folder, name, buffer);
  struct stat s;
  int mine = below(path), new = 0;
  if (mine && (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC))) {
    new = (flags & O_CREAT) && syscall(SYS_newfstatat, AT_FDCWD, path, &s, 0);
    if ((new || (flags & O_TRUNC)) && fails()) return -1;
  }
  int fd = syscall(SYS_openat, folder, name, flags, mode);
  if (fd < 0 || !mine || fstat(fd, &s) || !S_ISREG(s.st_mode)) return fd;
  if (new) put('c', s.st_ino, 0, path, strlen(path), "", 0);
  else if (flags & O_TRUNC) put('t', s.st_ino, 0, "", 0, "", 0);
  return fd;
}
#define MODE(flags, last) mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { va_list a; va_start(a, last); mode = va_arg(a, mode_t); va_end(a); }
int open(const char *p, int f, ...) { MODE(f, f) return opened(AT_FDCWD, p, f, mode); }
int open64(const char *p, int f, ...) { MODE(f, f) return opened(AT_FDCWD, p, f, mode); }
int openat(int d, const char *p, int f, ...) { MODE(f, f) return opened(d, p, f, mode); }
int openat64(int d, const char *p, int f, ...) { MODE(f, f) return opened(d, p, f, mode); }

static ssize_t written(int fd, const void *data, size_t n, off_t at, int here) {
  char buffer[PATH_MAX];
  struct stat s;
  const char *path = ours(fd, buffer, &s);
  if (path && fails()) return -1;
  if (path && here) {
    int flags = syscall(SYS_fcntl, fd, F_GETFL);
    at = flags & O_APPEND ? s.st_size : syscall(SYS_lseek, fd, 0, SEEK_CUR);
  }
  ssize_t done = here ? syscall(SYS_write, fd, data, n) : syscall(SYS_pwrite64, fd, data, n, at);
  if (path && done > 0) put('w', s.st_ino, at, data, done, "", 0);
  return done;
}
ssize_t write(int fd, const void *d, size_t n) { return written(fd, d, n, 0, 1); }
ssize_t pwrite(int fd, const void *d, size_t n, off_t at) { return written(fd, d, n, at, 0); }
ssize_t pwrite64(int fd, const void *d, size_t n, off64_t at) { return written(fd, d, n, at, 0); }

static int synced(int fd, long call) {
  char buffer[PATH_MAX];
  struct stat s;
  const char *path = ours(fd, buffer, &s);
  if (path && fails()) return -1;
  int done = syscall(call, fd);
  if (path && !done) put(S_ISDIR(s.st_mode) ? 'd' : 's', s.st_ino, 0, path, strlen(path), "", 0);
  return done;
}
int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

int ftruncate64(int fd, off64_t size) {
  char buffer[PATH_MAX];
  struct stat s;
  const char *path = ours(fd, buffer, &s);
  if (path && fails()) return -1;
  int done = syscall(SYS_ftruncate, fd, size);
  if (path && !done) put('t', s.st_ino, size, "", 0, "", 0);
  return done;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int renamed(int d1, const char *old, int d2, const char *new, unsigned flags) {
  char one[PATH_MAX], two[PATH_MAX];
  const char *from = log_fd < 0 ? old : whole(d1, old, one);
  const char *to = log_fd < 0 ? new : whole(d2, new, two);
  int mine = below(from) || below(to);
  if (mine && fails()) return -1;
  int done = syscall(SYS_renameat2, d1, old, d2, new, flags);
  if (mine && !done) put('r', 0, 0, from, strlen(from), to, strlen(to));
  return done;
}
int rename(const char *a, const char *b) { return renamed(AT_FDCWD, a, AT_FDCWD, b, 0); }
int renameat(int d, const char *a, int e, const char *b) { return renamed(d, a, e, b, 0); }
int renameat2(int d, const char *a, int e, const char *b, unsigned f) { return renamed(d, a, e, b, f); }

static int unlinked(int folder, const char *name, int flags) {
  char buffer[PATH_MAX];
  struct stat s;
  const char *path = log_fd < 0 ? name : whole(folder, name, buffer);
  int mine = below(path) && !(flags & AT_REMOVEDIR) &&
             !syscall(SYS_newfstatat, AT_FDCWD, path, &s, AT_SYMLINK_NOFOLLOW);
  if (mine && fails()) return -1;
  int done = syscall(SYS_unlinkat, folder, name, flags);
  if (mine && !done) put('u', s.st_ino, 0, path, strlen(path), "", 0);
  return done;
}
int unlink(const char *p) { return unlinked(AT_FDCWD, p, 0); }
int unlinkat(int d, const char *p, int f) { return unlinked(d, p, f); }
int remove(const char *p) { return unlinked(AT_FDCWD, p, 0); }
