/* Deficit round robin: a token's turn gives it a quantum of bytes, what it overdraws it waits off.
 */
#include "gateway/fair.h"

#include "base/check.h"

void fair_init(struct fair *f, int64_t quantum)
{
    list_init(&f->tokens);
    f->quantum = quantum;
    f->waiting = 0;
}

void fair_token_init(struct fair_token *t)
{
    list_init(&t->link);
    list_init(&t->clients);
    t->deficit = 0;
}

void fair_client_init(struct fair_client *c, struct fair_token *token)
{
    list_init(&c->link);
    c->token = token;
    c->waits = false;
}

void fair_wait(struct fair *f, struct fair_client *c)
{
    if (c->waits) return;
    c->waits = true;
    f->waiting++;
    list_add_last(&c->token->clients, &c->link);
    if (list_is_empty(&c->token->link)) list_add_last(&f->tokens, &c->token->link);
}

static void take_out(struct fair *f, struct fair_client *c)
{
    c->waits = false;
    f->waiting--;
    list_remove(&c->link);
}

void fair_leave(struct fair *f, struct fair_client *c)
{
    if (!c->waits) return;
    take_out(f, c);
    if (list_is_empty(&c->token->clients)) {
        list_remove(&c->token->link);
        c->token->deficit = 0;
    }
}

struct fair_client *fair_next(struct fair *f, int64_t *allowance)
{
    struct list *head;
    while ((head = list_first(&f->tokens))) {
        struct fair_token *t = LIST_OF(head, struct fair_token, link);
        struct list *first = list_first(&t->clients);
        CHECK(first);
        t->deficit += f->quantum;
        list_remove(&t->link);
        list_add_last(&f->tokens, &t->link);
        if (t->deficit <= 0) continue;
        struct fair_client *c = LIST_OF(first, struct fair_client, link);
        take_out(f, c);
        if (list_is_empty(&t->clients)) list_remove(&t->link);
        *allowance = t->deficit;
        return c;
    }
    return NULL;
}

void fair_used(struct fair *f, struct fair_client *c, int64_t bytes_n, bool again)
{
    struct fair_token *t = c->token;
    t->deficit -= bytes_n;
    if (t->deficit > f->quantum) t->deficit = f->quantum;
    if (again) fair_wait(f, c);
    if (list_is_empty(&t->clients)) t->deficit = 0;
}
