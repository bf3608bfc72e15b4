// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.util.List;
import java.util.function.Function;

/**
 * A part of a list; {@link PageRequest#of} makes it.
 *
 * @param nextCursor where the list goes on; null on the last page
 */
public record Page<T>(List<T> items, String nextCursor) {

    /** The same page of what {@code function} makes of the items. */
    public <R> Page<R> map(Function<? super T, ? extends R> function) {
        return new Page<>(items.stream().<R>map(function).toList(), nextCursor);
    }
}
