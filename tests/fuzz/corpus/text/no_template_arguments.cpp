#include "pto/v3-"
enum = 2~55 {{
pto}
}

}}


 void f(int64_t ),  0** v2( * ) {
 (v2 + v4);trap  ( )[[1e-320] == 131072;
   ;
}
