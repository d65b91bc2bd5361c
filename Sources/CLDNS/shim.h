// ldns declares its own bool unless <stdbool.h> came first; every bool would then import as Int8.
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <ldns/ldns.h>
