// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.state;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The worlds, one for each x-mock-session and one for all who send none; each is made when it is first asked for. */
public final class Sessions implements AutoCloseable {
    /** The session that has not been used for the longest time gives way. */
    private static final int MOST = 1_000;
    private static final Duration REST = Duration.ofMillis(200);

    private final MockClock clock;
    private final Supplier<Limits> limits;
    private final Seed seed;
    private final Supplier<String> base;
    private final Long randomSeed;
    private final Consumer<World> opened;
    private final Map<String, World> worlds = new LinkedHashMap<>(16, 0.75f, true);
    private final Thread ticker;
    private volatile World common;
    private volatile boolean running = true;

    /** @param randomSeed null for real randomness. @param opened is given each new world */
    public Sessions(MockClock clock, Supplier<Limits> limits, Seed seed, Supplier<String> base, Long randomSeed, Consumer<World> opened) {
        this.clock = clock;
        this.limits = limits;
        this.seed = seed;
        this.base = base;
        this.randomSeed = randomSeed;
        this.opened = opened;
        clock.onChange(this::catchUp);
        ticker = Thread.ofVirtual().name("mock-clock").start(this::tick);
    }

    /** The world of a session. @param name null for the common one */
    public World world(String name) {
        if (name == null || name.isEmpty()) {
            World world = common;
            return world != null ? world : open("");
        }
        return open(name);
    }

    private World open(String name) {
        synchronized (worlds) {
            World world = worlds.get(name);
            if (world == null) {
                // Its world guards it, so it need not guard itself.
                RandomGenerator random = randomSeed == null ? new SplittableRandom() : new SplittableRandom(randomSeed ^ name.hashCode());
                world = new World(name, clock, random, limits.get(), randomSeed == null ? null : seed.now());
                synchronized (world) {
                    seed.sow(world, base.get());
                    world.sown();
                    opened.accept(world);
                }
                worlds.put(name, world);
                if (name.isEmpty()) {
                    common = world;
                } else if (worlds.size() > MOST) {
                    worlds.keySet().stream().filter(other -> !other.isEmpty()).findFirst().ifPresent(this::forget);
                }
            }
            return world;
        }
    }

    /** Begins a session anew. The demo world in it is of this moment, not of that of the next request. */
    public void reset(String name) {
        forget(name);
        world(name);
    }

    private void forget(String name) {
        synchronized (worlds) {
            World world = worlds.remove(name);
            if (name.isEmpty()) {
                common = null;
            }
            if (world != null) {
                synchronized (world) {
                    world.close();
                }
            }
        }
    }

    /** Forgets all sessions, and begins the common one anew. */
    public void reset() {
        names().forEach(this::forget);
        world(null);
    }

    public List<String> names() {
        synchronized (worlds) {
            return List.copyOf(new TreeSet<>(worlds.keySet()));
        }
    }

    private void catchUp() {
        List<World> all;
        synchronized (worlds) {
            all = List.copyOf(worlds.values());
        }
        for (World world : all) {
            synchronized (world) {
                world.catchUp();
            }
        }
    }

    /** Lets happen what falls due while nobody asks. */
    private void tick() {
        while (running) {
            try {
                Thread.sleep(REST);
                catchUp();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                System.getLogger(Sessions.class.getName()).log(System.Logger.Level.ERROR, "What fell due failed", e);
            }
        }
    }

    @Override
    public void close() {
        running = false;
        ticker.interrupt();
        reset();
    }
}
