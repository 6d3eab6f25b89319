COUNT { (e)--(:Entity) }
