//! What programs of 2018 use of the crate rand (version 0.4): random numbers that nobody must rely on.
#![allow(dead_code)]
use std::cell::Cell;

pub mod distributions {
    pub mod range {
        /// A type of which a value between two others can be drawn.
        pub trait SampleRange: Copy + PartialOrd {
            fn between(low: Self, high: Self, bits: u64) -> Self;
        }
        macro_rules! whole {
            ($($kind:ty)*) => { $(impl SampleRange for $kind {
                fn between(low: Self, high: Self, bits: u64) -> Self {
                    (low as i128 + (bits as i128) % (high as i128 - low as i128)) as $kind
                }
            })* };
        }
        whole!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);
        macro_rules! real {
            ($($kind:ty)*) => { $(impl SampleRange for $kind {
                fn between(low: Self, high: Self, bits: u64) -> Self {
                    low + (high - low) * ((bits >> 11) as f64 / (1u64 << 53) as f64) as $kind
                }
            })* };
        }
        real!(f32 f64);
    }
}
use self::distributions::range::SampleRange;

/// A type of which any value can be drawn.
pub trait Rand: Sized {
    fn rand<R: Rng>(rng: &mut R) -> Self;
}
macro_rules! any {
    ($($kind:ty)*) => { $(impl Rand for $kind {
        fn rand<R: Rng>(rng: &mut R) -> Self { rng.next_u64() as $kind }
    })* };
}
any!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);
impl Rand for bool {
    fn rand<R: Rng>(rng: &mut R) -> Self {
        rng.next_u64() & 1 == 1
    }
}
impl Rand for f64 {
    fn rand<R: Rng>(rng: &mut R) -> Self {
        f64::between(0.0, 1.0, rng.next_u64())
    }
}
impl Rand for f32 {
    fn rand<R: Rng>(rng: &mut R) -> Self {
        f32::between(0.0, 1.0, rng.next_u64())
    }
}

pub trait Rng: Sized {
    fn next_u64(&mut self) -> u64;
    fn next_u32(&mut self) -> u32 {
        self.next_u64() as u32
    }
    fn gen<T: Rand>(&mut self) -> T {
        T::rand(self)
    }
    /// A value from `low` up to, but without, `high`.
    fn gen_range<T: SampleRange>(&mut self, low: T, high: T) -> T {
        assert!(low < high, "Rng.gen_range called with low >= high");
        T::between(low, high, self.next_u64())
    }
    fn choose<'a, T>(&mut self, values: &'a [T]) -> Option<&'a T> {
        if values.is_empty() {
            None
        } else {
            Some(&values[self.gen_range(0, values.len())])
        }
    }
    fn shuffle<T>(&mut self, values: &mut [T]) {
        for last in (1..values.len()).rev() {
            values.swap(last, self.gen_range(0, last + 1));
        }
    }
}

#[derive(Clone, Debug)]
pub struct ThreadRng;
thread_local!(static STATE: Cell<u64> = Cell::new(seed()));

fn seed() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::collections::hash_map::RandomState::new().build_hasher().finish()
}
impl Rng for ThreadRng {
    fn next_u64(&mut self) -> u64 {
        // splitmix64
        STATE.with(|state| {
            let next = state.get().wrapping_add(0x9e3779b97f4a7c15);
            state.set(next);
            let mut mixed = (next ^ (next >> 30)).wrapping_mul(0xbf58476d1ce4e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d049bb133111eb);
            mixed ^ (mixed >> 31)
        })
    }
}

pub fn thread_rng() -> ThreadRng {
    ThreadRng
}

pub fn random<T: Rand>() -> T {
    T::rand(&mut ThreadRng)
}
