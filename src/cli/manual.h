/* The manual page latchkey(1), made of the tables of the subcommands. */
#pragma once

/* To standard output, in man(7). */
void manual_print(void);
