/* `latchkey completion`: what shells complete, written from the tables of the subcommands, and the
 * manual page; names of roles and databases are asked of the daemon when they are wanted. */
#include "cli/client.h"
#include "cli/command_rows.h"
#include "cli/manual.h"
#include "cli/output.h"

#include <stdio.h>
#include <string.h>

struct arguments {
    struct cli common;
    struct cli_words words;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct arguments *a = state->input;
    return cli_parse_rest(key, value, state, &a->common, &a->words);
}

static const struct argp parser = {.parser = parse, .children = cli_common_children};

/* --- what both shells have in common --- */

struct option_print {
    const char *before;
    bool with_help;
};

static bool takes_file(const struct argp_option *o)
{
    return o->arg && (strcmp(o->arg, "FILE") == 0 || strcmp(o->arg, "DIR") == 0);
}

/* As the inside of a text in single quotes, where a colon ends what zsh shows as the word. */
static void put_quoted(const char *text)
{
    for (; *text; text++) {
        if (*text == '\'') fputs("'\\''", stdout);
        else putchar(*text);
    }
}

static void put_option(void *owner, const struct argp_option *o, bool common)
{
    const struct option_print *p = owner;
    (void)common;
    if (!o->name) return;
    if (!p->with_help) {
        printf("%s--%s", p->before, o->name);
        return;
    }
    printf("%s'--%s:", p->before, o->name);
    put_quoted(o->doc);
    putchar('\'');
}

static void put_verbs(const char *arguments, const char *before)
{
    while (*arguments) {
        const bytes verb = command_rows_verb(&arguments);
        printf("%s%.*s", before, BYTES_FMT(verb));
    }
}

/* The options after which a file is meant, each once. */
struct file_options {
    const char *names[64];
    size_t n;
    const char *between;
};

static void put_file_option(void *owner, const struct argp_option *o, bool common)
{
    struct file_options *f = owner;
    (void)common;
    if (!o->name || !takes_file(o) || f->n == sizeof f->names / sizeof *f->names) return;
    for (size_t i = 0; i < f->n; i++) {
        if (strcmp(f->names[i], o->name) == 0) return;
    }
    printf("%s--%s", f->n ? f->between : "", o->name);
    f->names[f->n++] = o->name;
}

static void put_file_options(const char *between)
{
    struct file_options f = {.between = between};
    for (size_t i = 0; i < command_rows_n(); i++) {
        command_rows_options(command_rows_at(i).parser, put_file_option, &f);
    }
}

static void put_named(const char *format_option, const char *format_word)
{
    static const struct {
        const char *option;
        const char *command;
        const char *verb;
        const char *names;
    } rows[] = {
#define OPTION(option, names) {option, NULL, NULL, names},
#define WORD(command, verb, names) {NULL, command, verb, names},
#include "cli/complete.def"
#undef OPTION
#undef WORD
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *format = rows[i].option ? format_option : format_word;
        for (const char *p = format; *p; p++) {
            if (*p == 'O') fputs(rows[i].option ? rows[i].option : "", stdout);
            else if (*p == 'C') fputs(rows[i].command, stdout);
            else if (*p == 'V') fputs(rows[i].verb, stdout);
            else if (*p == 'N') fputs(rows[i].names, stdout);
            else putchar(*p);
        }
    }
}

/* --- bash --- */

static err bash(const void *arguments, struct note *note)
{
    const struct option_print p = {" ", false};
    (void)arguments;
    (void)note;
    fputs("# bash completion for latchkey; made by `latchkey completion bash`\n"
          "_latchkey_where() {\n"
          "    local i\n"
          "    where=()\n"
          "    for ((i = 1; i < COMP_CWORD - 1; i++)); do\n"
          "        case ${COMP_WORDS[i]} in\n"
          "        -d | --data | --url | --token-file | --ca-file | --org) where+=(\"${COMP_WORDS[i]}\" \"${COMP_WORDS[i + 1]}\") ;;\n"
          "        esac\n"
          "    done\n"
          "}\n\n"
          "_latchkey_names() {\n"
          "    local name where\n"
          "    if [[ $1 == files ]]; then\n"
          "        compopt -o filenames 2>/dev/null\n"
          "        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
          "        return\n"
          "    fi\n"
          "    if [[ $1 == words ]]; then\n"
          "        ((COMP_CWORD == 3)) && mapfile -t COMPREPLY < <(compgen -W \"${*:2}\" -- \"$cur\")\n"
          "        return\n"
          "    fi\n"
          "    _latchkey_where\n"
          "    while IFS= read -r name; do\n"
          "        name=$(printf %q \"$name\")\n"
          "        [[ ${name,,} == \"${cur,,}\"* ]] && COMPREPLY+=(\"$name\")\n"
          "    done < <(\"${COMP_WORDS[0]}\" completion \"$1\" \"${where[@]}\" 2>/dev/null)\n"
          "}\n\n"
          "_latchkey() {\n"
          "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
          "    local command=${COMP_WORDS[1]} verb=${COMP_WORDS[2]} verbs= options=\n"
          "    COMPREPLY=()\n"
          "    case $prev in\n    ", stdout);
    put_file_options(" | ");
    fputs(") _latchkey_names files; return ;;\n", stdout);
    put_named("    --O) _latchkey_names N; return ;;\n", "");
    fputs("    esac\n    case $command in\n", stdout);
    for (size_t i = 0; i < command_rows_n(); i++) {
        const struct command_row row = command_rows_at(i);
        printf("    %s)\n        verbs='", row.name);
        put_verbs(row.arguments, " ");
        fputs("'\n        options='--help", stdout);
        command_rows_options(row.parser, put_option, (void *)(uintptr_t)&p);
        fputs("' ;;\n", stdout);
    }
    fputs("    esac\n    if ((COMP_CWORD == 1)); then\n        mapfile -t COMPREPLY < <(compgen -W '--help --version", stdout);
    for (size_t i = 0; i < command_rows_n(); i++) printf(" %s", command_rows_at(i).name);
    fputs("' -- \"$cur\")\n"
          "    elif [[ $cur == -* ]]; then\n        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\")\n"
          "    elif ((COMP_CWORD == 2)) && [[ -n $verbs ]]; then\n"
          "        mapfile -t COMPREPLY < <(compgen -W \"$verbs\" -- \"$cur\")\n"
          "    else\n        case $command/$verb in\n", stdout);
    put_named("", "        C/V) _latchkey_names N ;;\n");
    fputs("        esac\n    fi\n}\n\ncomplete -F _latchkey latchkey\n", stdout);
    return DONE;
}

/* --- zsh --- */

static err zsh(const void *arguments, struct note *note)
{
    const struct option_print p = {" ", true};
    (void)arguments;
    (void)note;
    fputs("#compdef latchkey\n# zsh completion for latchkey; made by `latchkey completion zsh`\n"
          "_latchkey_names() {\n"
          "    local -a where names\n    local i\n"
          "    if [[ $1 == files ]]; then\n        _files\n        return\n    fi\n"
          "    if [[ $1 == words ]]; then\n        shift\n        ((CURRENT == 4)) && names=(\"$@\") && compadd -a names\n"
          "        return\n    fi\n"
          "    for ((i = 2; i < CURRENT - 1; i++)); do\n"
          "        case \"$words[i]\" in\n"
          "        -d | --data | --url | --token-file | --ca-file | --org) where+=(\"$words[i]\" \"$words[i + 1]\") ;;\n"
          "        esac\n    done\n"
          "    names=(\"${(@f)$($words[1] completion $1 \"${(@)where}\" 2>/dev/null)}\")\n"
          "    compadd -a names\n}\n\n"
          "_latchkey() {\n    local -a commands verbs options\n    commands=(", stdout);
    for (size_t i = 0; i < command_rows_n(); i++) {
        const struct command_row row = command_rows_at(i);
        printf("\n        '%s:", row.name);
        put_quoted(row.help);
        putchar('\'');
    }
    fputs(")\n    if ((CURRENT == 2)); then\n        _describe command commands\n        return\n    fi\n"
          "    case \"${words[CURRENT-1]}\" in\n    ", stdout);
    put_file_options(" | ");
    fputs(") _latchkey_names files; return ;;\n", stdout);
    put_named("    --O) _latchkey_names N; return ;;\n", "");
    fputs("    esac\n    case $words[2] in\n", stdout);
    for (size_t i = 0; i < command_rows_n(); i++) {
        const struct command_row row = command_rows_at(i);
        printf("    %s)\n        verbs=(", row.name);
        put_verbs(row.arguments, " ");
        fputs(")\n        options=('--help:what it does'", stdout);
        command_rows_options(row.parser, put_option, (void *)(uintptr_t)&p);
        fputs(") ;;\n", stdout);
    }
    fputs("    esac\n    if [[ $words[CURRENT] == -* ]]; then\n        _describe option options\n"
          "    elif ((CURRENT == 3)) && ((${#verbs})); then\n        compadd -a verbs\n"
          "    else\n        case \"$words[2]/$words[3]\" in\n", stdout);
    put_named("", "        C/V) _latchkey_names N ;;\n");
    fputs("        esac\n    fi\n}\n\n"
          "_latchkey \"$@\"\n", stdout);
    return DONE;
}

/* --- names --- */

static void put_names(const json_t *list, const char *key)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(output_dig(json_array_get(list, i), key));
        if (name && !strchr(name, '\n')) puts(name);
    }
}

static err roles(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    struct client_answer answer;
    TRY(client_call(&a->common, "GET", "/v2/organizations/roles", NULL, &answer, note));
    put_names(answer.body, "name");
    client_answer_drop(&answer);
    return DONE;
}

static err databases(const void *arguments, struct note *note)
{
    const struct arguments *a = arguments;
    struct client_answer answer;
    TRY(client_call(&a->common, "GET", "/v2/databases?limit=100", NULL, &answer, note));
    put_names(answer.body, "info.name");
    client_answer_drop(&answer);
    return DONE;
}

static err man(const void *arguments, struct note *note)
{
    (void)arguments;
    (void)note;
    manual_print();
    return DONE;
}

static const struct cli_verb verbs[] = {
    {"bash", bash, 0}, {"zsh", zsh, 0}, {"man", man, 0}, {"roles", roles, 0}, {"databases", databases, 0},
};

int cli_completion(int argc, char **argv)
{
    struct arguments a = {0};
    cli_init_common(&a.common);
    cli_parse(&parser, "completion", argc, argv, &a);
    return cli_run_verb("completion", verbs, sizeof verbs / sizeof *verbs, &a.words, &a);
}
