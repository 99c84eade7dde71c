/* ThreadSanitizer does not see liburcu's grace periods: the drop is done with its eyes shut. Publishing
 * is release and acquire, which it sees. */
#include "index/grace.h"

#include "base/check.h"
#include "base/list.h"

#include <errno.h>
#include <semaphore.h>

#if defined(__SANITIZE_THREAD__)
#define UNDER_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define UNDER_TSAN 1
#endif
#endif

#ifdef UNDER_TSAN
void AnnotateIgnoreReadsBegin(const char *file, int line);
void AnnotateIgnoreReadsEnd(const char *file, int line);
void AnnotateIgnoreWritesBegin(const char *file, int line);
void AnnotateIgnoreWritesEnd(const char *file, int line);
#define EYES_SHUT()                                                                                \
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);                                                  \
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__)
#define EYES_OPEN()                                                                                \
    AnnotateIgnoreWritesEnd(__FILE__, __LINE__);                                                   \
    AnnotateIgnoreReadsEnd(__FILE__, __LINE__)
#else
#define EYES_SHUT() (void)0
#define EYES_OPEN() (void)0
#endif

static void run(struct rcu_head *head)
{
    EYES_SHUT();
    struct grace *g = LIST_OF(head, struct grace, head);
    g->drop(g);
    EYES_OPEN();
}

void grace_call(struct grace *g, void (*drop)(struct grace *g))
{
    g->drop = drop;
    urcu_memb_call_rcu(&g->head, run);
}

struct wait {
    struct grace grace;
    sem_t over;
};

static void post(struct grace *g)
{
    (void)sem_post(&LIST_OF(g, struct wait, grace)->over);
}

/* liburcu calls back in the order of the calls: when ours comes, those before it have been. */
void grace_wait(void)
{
    struct wait w;
    CHECK(sem_init(&w.over, 0, 0) == 0);
    grace_call(&w.grace, post);
    while (sem_wait(&w.over) != 0) CHECK(errno == EINTR);
    (void)sem_destroy(&w.over);
}
