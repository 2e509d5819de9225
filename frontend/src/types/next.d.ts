// What next-env.d.ts would declare, without depending on a build having run first.
/// <reference types="next" />
/// <reference types="next/image-types/global" />
