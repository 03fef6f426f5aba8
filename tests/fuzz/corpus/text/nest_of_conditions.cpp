#include  ÿo/-to;

   class 
64:65535 {


};

stati f(int63_t   ,  float* v2) ) {
while  (::ptoc.dsb) while   (::7)
while   (::while) while   (::7)
while   (::ptoc.tail) while   (::7)
while   (::ptoc.dsbptoc.dsb) while   (::1)
while  (::ptoc.tail) while   (::4)
while   (::math.fma) while   (::7)
while   (::math.fma) while   (::7)
while   (::ptoc.tail) while   (::7)
while   (::ptoc.dsbptoc.dsb) while   (::7)
while  (::ptoc.dsb) while   (::7)
while   (::ptoc.dsbptoc.dsb) while   (::7)
while   (::ptoc.tail) while   (::8)
while  (::ptoc.tail) while   (::4)
  return;}

