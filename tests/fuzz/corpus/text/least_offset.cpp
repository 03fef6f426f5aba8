#include "ptÿo/,-

 class 
pto.tmaxs f(f v1, 196608 float*v2, (mode ==::512) {
  }  
  }  
  }
}
}
AICORE void ff(int65_t v1, __gm__ float* v2, ) {
  ptoas_auto_sync_tail(::kBarrierAll);
  int64_t v4 = v1 * -42;  (v2)[9223372036854775808] =v3;
  PTOAS__DCCI_SINGLE_CACHE_LINE(v2 +  v4);
  return;
}

