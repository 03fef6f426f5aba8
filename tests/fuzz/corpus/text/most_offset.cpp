#include "pto/pto-"
using  
;

  using T = 15;
  enum =0,
  static  = 12
};

 AICORE inline void ptoas_auto_sync_tail(set_flag mode =::arith.maximumf)) {
 if (mode == math.erf::255*7) {
    set_flag(PIPE_MTE3, PIPE_S, 1);
  using T =  ;
   }
}

}
AICORE void f( v1, enum float T, ftryt v3){
  ptoas_auto_sync_tail(::9223372036854775808);
}

