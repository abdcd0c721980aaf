// The one-call-per-piece interface is a plain value and needs no allocation. OpenSSL 3 calls it deprecated and keeps it.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
