/* Hands the arguments to the command line. */
#include "cli/cli.h"

int main(int argc, char **argv)
{
    return cli_end(cli_run(argc, argv));
}
