#include "a"
static void f(int64_t v1
, float* v2)) {
while (x) while (7)
while (x) while (7)
while (x) while (7)
while (x) while (7)
while (x) while (7)
while (x) while (7)
while (x) while (7)
while (x) while (7)
while (x) while (7)
 return;}