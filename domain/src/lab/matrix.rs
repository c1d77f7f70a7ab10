//! The little linear algebra that a fit needs: sparse rows, and a Cholesky factor.

/// Rows of features, each with only the columns that are not zero.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    width: usize,
    ends: Vec<usize>,
    entries: Vec<(u32, f64)>,
}

impl Rows {
    /// Returns no rows yet, of so many columns.
    #[must_use]
    pub fn new(width: usize) -> Self {
        Self { width, ends: Vec::new(), entries: Vec::new() }
    }

    /// Adds a row; columns may come in any order, each once.
    pub fn push(&mut self, row: &[(u32, f64)]) {
        let begin = self.entries.len();
        self.entries.extend(row.iter().filter(|(_, value)| *value != 0.0));
        self.entries[begin..].sort_unstable_by_key(|(column, _)| *column);
        self.ends.push(self.entries.len());
    }

    /// Returns the number of columns.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Goes through the rows in order, the columns of each in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = &[(u32, f64)]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(begin, end)| &self.entries[begin..*end])
    }
}

/// Returns the sum of the products of a sparse row and weights.
#[must_use]
pub fn dot(row: &[(u32, f64)], weights: &[f64]) -> f64 {
    row.iter().map(|(column, value)| value * weights[*column as usize]).sum()
}

/// A symmetric matrix of which the lower half is kept, row by row.
#[derive(Clone, Debug)]
pub struct Symmetric {
    size: usize,
    cells: Vec<f64>,
}

impl Symmetric {
    /// Returns the matrix of zeros with so many rows.
    #[must_use]
    pub fn zero(size: usize) -> Self {
        Self { size, cells: vec![0.0; size * size] }
    }

    /// Returns a cell; the order of row and column is no matter.
    #[must_use]
    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.cells[row.max(column) * self.size + row.min(column)]
    }

    /// Adds to the diagonal.
    pub fn add_diagonal(&mut self, index: usize, value: f64) {
        self.cells[index * self.size + index] += value;
    }

    /// Adds `weight` times the row's product with itself; the last row and column stand for the
    /// constant one.
    pub fn add_outer(&mut self, row: &[(u32, f64)], weight: f64) {
        let last = (self.size - 1) * self.size;
        for (index, (column, value)) in row.iter().enumerate() {
            let (begin, weighted) = (*column as usize * self.size, weight * value);
            for (other, by) in &row[..=index] {
                self.cells[begin + *other as usize] += weighted * by;
            }
            self.cells[last + *column as usize] += weighted;
        }
        self.cells[last + self.size - 1] += weight;
    }

    /// Returns the Cholesky factor, or `None` where the matrix is not positive definite.
    #[must_use]
    pub fn factor(&self) -> Option<Factor> {
        let size = self.size;
        let mut cells = self.cells.clone();
        for row in 0..size {
            for column in 0..=row {
                let (above, here) = cells.split_at(row * size);
                let left: f64 = if column == row {
                    here[..column].iter().map(|value| value * value).sum()
                } else {
                    here[..column].iter().zip(&above[column * size..column * size + column]).map(|(a, b)| a * b).sum()
                };
                let rest = cells[row * size + column] - left;
                cells[row * size + column] = if column < row {
                    rest / cells[column * size + column]
                } else if rest > 0.0 {
                    rest.sqrt()
                } else {
                    return None;
                };
            }
        }
        Some(Factor { size, cells })
    }
}

/// The lower triangle whose product with its mirror is the matrix it was made from.
#[derive(Clone, Debug)]
pub struct Factor {
    size: usize,
    cells: Vec<f64>,
}

impl Factor {
    /// Replaces `side` by the solution of matrix × solution = side.
    pub fn solve(&self, side: &mut [f64]) {
        self.halve(side, 0);
        for row in (0..self.size).rev() {
            let below: f64 = (row + 1..self.size).map(|other| self.cells[other * self.size + row] * side[other]).sum();
            side[row] = (side[row] - below) / self.cells[row * self.size + row];
        }
    }

    /// Returns row × inverse × row, where the row ends with the constant one; `buffer` is scratch.
    #[must_use]
    pub fn leverage(&self, row: &[(u32, f64)], buffer: &mut Vec<f64>) -> f64 {
        buffer.clear();
        buffer.resize(self.size, 0.0);
        for (column, value) in row {
            buffer[*column as usize] = *value;
        }
        buffer[self.size - 1] = 1.0;
        let first = row.first().map_or(self.size - 1, |(column, _)| *column as usize);
        self.halve(buffer, first);
        buffer.iter().map(|value| value * value).sum()
    }

    /// Solves with the lower triangle; what stands before `first` must be zero.
    fn halve(&self, side: &mut [f64], first: usize) {
        for row in first..self.size {
            let cells = &self.cells[row * self.size..row * self.size + row + 1];
            let left: f64 = cells[first..row].iter().zip(&side[first..row]).map(|(a, b)| a * b).sum();
            side[row] = (side[row] - left) / cells[row];
        }
    }
}
