// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.util.List;
import java.util.function.Function;

/**
 * A page of a list, created by {@link PageRequest#of}.
 *
 * @param nextCursor the cursor of the next page; null on the last page
 */
public record Page<T>(List<T> items, String nextCursor) {

    /** The page with its items transformed. */
    public <R> Page<R> map(Function<? super T, ? extends R> function) {
        return new Page<>(items.stream().<R>map(function).toList(), nextCursor);
    }
}
