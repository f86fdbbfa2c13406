"""`python -m stocktake.cli`: the command line without the script that set-up installs."""

from stocktake.cli import main

main()
