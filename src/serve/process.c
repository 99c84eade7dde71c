#include "serve/process.h"

#include "base/log.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#ifdef HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

struct process_state process_prepare(void)
{
    struct process_state state = {0};
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
        (void)getrlimit(RLIMIT_NOFILE, &limit);
        state.descriptors = limit.rlim_cur;
    }
    const struct rlimit none = {0};
    state.no_core_dumps = setrlimit(RLIMIT_CORE, &none) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0;
    state.no_new_privileges = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
    return state;
}

uint64_t process_afford(const struct process_state *state, const char *what, uint64_t wanted,
                        unsigned share, unsigned each)
{
    const uint64_t most = state->descriptors / share / each;
    if (state->descriptors == 0 || wanted <= most) return wanted;
    log_line(LOG_WARN, "connections_capped", "kind=%s wanted=%llu at_most=%llu descriptors=%llu", what,
             (unsigned long long)wanted, (unsigned long long)most,
             (unsigned long long)state->descriptors);
    return most ? most : 1;
}

void process_notify(const char *state)
{
#ifdef HAVE_SYSTEMD
    (void)sd_notify(0, state);
#else
    (void)state;
#endif
}
